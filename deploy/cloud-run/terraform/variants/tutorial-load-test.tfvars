# docs/deploy/tutorials/load-test.md
model        = "gemma3:270m"
mode         = "autoscaled"
gpus         = { min = 1, max = 3 }
slots        = 4
model_server = { cpu = "8", memory = "16Gi", timeout = "600s" }
gateway      = { max = 1, cpu = "2", memory = "4Gi" }
