# docs/deploy/tutorials/prebuilt.md: Google's own container. Its gemma3-1b, -12b and -27b are taken the same way.
model       = "gemma3:4b"
model_image = "us-docker.pkg.dev/cloudrun/container/gemma/gemma3-4b"
mode        = "addressed"
gpus        = { min = 1, max = 1 }
slots       = 4
# It has no port that tells when the model has answered.
model_server = { cpu = "8", memory = "32Gi", timeout = "600s", startup_port = 8080 }
