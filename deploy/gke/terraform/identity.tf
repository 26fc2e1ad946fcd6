# Workload Identity without a service account between: Kubernetes' own accounts hold the roles.

locals {
  pool = "principal://iam.googleapis.com/projects/${data.google_project.project.number}/locations/global/workloadIdentityPools/${var.project}.svc.id.goog"
}

# Gemini through Vertex, for the one service that asks it.
resource "google_project_iam_member" "vertex" {
  project = var.project
  role    = "roles/aiplatform.user"
  member  = "${local.pool}/subject/ns/${var.namespace}/sa/inference-proxy"

  depends_on = [google_container_cluster.cluster]
}

# The adapter that lets a HorizontalPodAutoscaler read the queue.
resource "google_project_iam_member" "adapter" {
  project = var.project
  role    = "roles/monitoring.viewer"
  member  = "${local.pool}/subject/ns/custom-metrics/sa/custom-metrics-stackdriver-adapter"

  depends_on = [google_container_cluster.cluster]
}
