# The default: one L4, addressed, with a 4B model.
model = "gemma3:4b"
mode  = "addressed"
gpus  = { min = 1, max = 1 }
slots = 4
