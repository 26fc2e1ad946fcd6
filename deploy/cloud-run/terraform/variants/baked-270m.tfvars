model          = "gemma3:270m"
slots          = 8
context_length = 8192
model_server   = { memory = "16Gi" }
