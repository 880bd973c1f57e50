#ifndef BACKPROP_CCURL_H
#define BACKPROP_CCURL_H

#include <stdint.h>

// libcurl's functions that take a variable number of arguments, given by their addresses: Swift
// cannot call such functions, and the library is looked up at run time.

/// `curl_easy_setopt` with a number.
int32_t bp_curl_set_number(void *setopt, void *handle, int32_t option, long value);

/// `curl_easy_setopt` with a pointer, or a function.
int32_t bp_curl_set_pointer(void *setopt, void *handle, int32_t option, const void *value);

/// `curl_easy_getinfo` of a number.
int32_t bp_curl_get_number(void *getinfo, void *handle, int32_t info, long *value);

#endif
