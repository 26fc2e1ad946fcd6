# docs/deploy/tutorials/private.md
model           = "gemma3:4b"
mode            = "addressed"
gpus            = { min = 1, max = 1 }
slots           = 4
model_server    = { cpu = "8", memory = "32Gi", timeout = "600s" }
gateway_ingress = "INGRESS_TRAFFIC_ALL"
