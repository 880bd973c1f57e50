#include "CCurl.h"

typedef int32_t (*Variadic)(void *handle, int32_t option, ...);

int32_t bp_curl_set_number(void *setopt, void *handle, int32_t option, long value) {
  return ((Variadic)setopt)(handle, option, value);
}

int32_t bp_curl_set_pointer(void *setopt, void *handle, int32_t option, const void *value) {
  return ((Variadic)setopt)(handle, option, value);
}

int32_t bp_curl_get_number(void *getinfo, void *handle, int32_t info, long *value) {
  return ((Variadic)getinfo)(handle, info, value);
}
