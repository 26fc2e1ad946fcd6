# docs/deploy/tutorials/elasticity.md
model        = "gemma3:270m"
mode         = "addressed"
gpus         = { min = 1, max = 1 }
slots        = 4
model_server = { cpu = "8", memory = "16Gi", timeout = "600s" }
gateway      = { max = 1, cpu = "2", memory = "4Gi" }
