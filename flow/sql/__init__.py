"""One SQL for every engine: macros, and the dialect that each engine has for them."""
