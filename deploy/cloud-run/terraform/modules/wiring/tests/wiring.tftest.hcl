variables {
  name                = "penstock"
  project             = "a-project"
  mode                = "addressed"
  pools               = 1
  gpus                = { min = 1, max = 1 }
  slots               = 4
  context_length      = 8192
  model               = "gemma3:4b"
  host_cache_mebibyte = 2048
  startup_seconds     = 240
  public              = false
  gemini_models       = []
  gemini_location     = "global"
  connection_pools    = { foreground = 8, log = 4, lease = 3 }
  session_service_max = 8
  max_connections     = 200
}

run "an_addressed_gpu_is_one_instance_with_two_places_beside_its_slots" {
  command = plan

  assert {
    condition     = alltrue([for backend in output.backends : backend.max == 1 && backend.concurrency == 6 && !backend.shared])
    error_message = "max 1, slots + 2, not shared"
  }
}

run "an_autoscaled_address_takes_exactly_its_slots" {
  command = plan

  variables {
    mode = "autoscaled"
    gpus = { min = 1, max = 3 }
  }

  assert {
    condition     = alltrue([for backend in output.backends : backend.max == 3 && backend.concurrency == 4 && backend.shared && backend.slots == 12])
    error_message = "concurrency = slots of one instance, slots = those of all"
  }

  assert {
    condition     = contains(keys(output.inference_proxy), "PENSTOCK_UPSTREAM_START_TIMEOUT_MS")
    error_message = "an instance that is not there yet is waited for"
  }
}

run "every_pool_has_gpus_of_its_own" {
  command = plan

  variables {
    pools = 2
    gpus  = { min = 1, max = 3 }
  }

  assert {
    condition     = length(output.backends) == 6 && output.gpus == 6
    error_message = "three GPUs per pool"
  }

  assert {
    condition     = length(setintersection([for one in yamldecode(output.files["1"]).upstreams : one.name], [for one in yamldecode(output.files["2"]).upstreams : one.name])) == 0
    error_message = "two proxies that each believe they own a slot bring the silent queue back"
  }
}

run "a_gemini_is_served_beside_the_gemma" {
  command = plan

  variables {
    gemini_models = ["gemini-2.5-flash"]
  }

  assert {
    condition     = yamldecode(output.files["1"]).upstreams[1].url == "https://aiplatform.googleapis.com/v1/projects/a-project/locations/global"
    error_message = "Vertex at its global host"
  }
}

run "google_clients_find_the_gemma_by_their_own_name" {
  command = plan

  assert {
    condition     = yamldecode(output.files["1"]).aliases["gemma-3-4b-it"] == "gemma3:4b"
    error_message = "gemma-3-4b-it"
  }
}

run "nobody_is_said_to_check_callers_of_a_public_gateway" {
  command = plan

  variables {
    public = true
  }

  assert {
    condition     = !contains(keys(output.gateway), "AUTHENTICATION") && output.session_service.AUTHENTICATION == "platform"
    error_message = "only the gateway is open"
  }
}

run "connections_beyond_four_fifths_are_refused" {
  command = plan

  variables {
    session_service_max = 11
  }

  expect_failures = [output.connections]
}
