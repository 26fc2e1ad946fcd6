# One account per service, each with what it needs and nothing else. None may read another's secrets; who may call
# whom stands at each service's `invokers`.

locals {
  # Short, because an account's name has 30 characters at most.
  accounts = {
    gateway         = "gateway"
    session-service = "sessions"
    inference-proxy = "proxy"
    ollama-backend  = "ollama"
    migrate         = "migrate"
  }

  # The sidecar runs under its service's account.
  watched = var.collector_image == null ? [] : ["gateway", "session-service", "inference-proxy"]
}

resource "google_service_account" "account" {
  for_each = local.accounts

  account_id   = "${var.name}-${each.value}"
  display_name = "${var.name}: ${each.key}"

  depends_on = [google_project_service.api]
}

resource "google_project_iam_member" "metrics" {
  for_each = toset(local.watched)

  project = var.project
  role    = "roles/monitoring.metricWriter"
  member  = google_service_account.account[each.key].member
}

resource "google_project_iam_member" "vertex" {
  count = length(var.gemini_models) == 0 ? 0 : 1

  project = var.project
  role    = "roles/aiplatform.user"
  member  = google_service_account.account["inference-proxy"].member
}

resource "google_secret_manager_secret_iam_member" "database_url" {
  for_each = toset(["session-service", "migrate"])

  secret_id = google_secret_manager_secret.database_url.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.account[each.key].member
}

resource "google_secret_manager_secret_iam_member" "serving" {
  for_each = google_secret_manager_secret.serving

  secret_id = each.value.id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.account["inference-proxy"].member
}

resource "google_secret_manager_secret_iam_member" "collector" {
  for_each = toset(local.watched)

  secret_id = google_secret_manager_secret.collector[0].id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.account[each.key].member
}
