model          = "gemma3:1b"
slots          = 8
context_length = 8192
model_server   = { memory = "16Gi" }
