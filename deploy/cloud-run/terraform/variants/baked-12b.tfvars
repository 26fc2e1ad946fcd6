model          = "gemma3:12b"
slots          = 4
context_length = 8192
