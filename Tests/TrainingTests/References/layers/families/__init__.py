"""One module a family of layers or losses; its function `cases` yields them. See common.py."""
