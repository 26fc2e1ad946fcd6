model          = "gemma3:4b"
slots          = 4
context_length = 8192
