# One address, one to three L4s behind it. No conversation is kept on one of them.
model = "gemma3:4b"
mode  = "autoscaled"
gpus  = { min = 1, max = 3 }
slots = 4
