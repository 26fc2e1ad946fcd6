# Three L4s, each with an address: prefix caches are used, every slot is counted, all three are paid for all the time.
model = "gemma3:4b"
mode  = "addressed"
gpus  = { min = 3, max = 3 }
slots = 4
