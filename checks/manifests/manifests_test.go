package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestFindsWhatIsWrong(t *testing.T) {
	const cloudRun, base = "deploy/cloud-run/terraform/", "deploy/gke/kustomize/base/"
	for name, each := range map[string]struct {
		check          func(string) (string, error)
		file, old, new string
		says           string
	}{
		"an argument no provider knows":     {checkTerraform, cloudRun + "modules/service/main.tf", "max_instance_request_concurrency", "max_concurrency", "has no argument max_concurrency"},
		"a block no provider knows":         {checkTerraform, cloudRun + "modules/service/main.tf", `dynamic "vpc_access"`, `dynamic "vpc"`, "has no block vpc"},
		"an argument that is missing":       {checkTerraform, cloudRun + "registry.tf", `format        = "DOCKER"`, ``, "lacks format"},
		"an attribute that is not there":    {checkTerraform, cloudRun + "modules/database/main.tf", "psc_service_attachment_link", "psc_link", "there is no google_sql_database_instance.database.psc_link"},
		"an output that is not there":       {checkTerraform, cloudRun + "outputs.tf", "module.wiring.gpus", "module.wiring.count", "there is no module.wiring.count"},
		"an input that is not given":        {checkTerraform, cloudRun + "wiring.tf", "  slots               = var.slots\n", "", "module wiring is called without slots"},
		"a variant of something else":       {checkTerraform, cloudRun + "variants/addressed.tfvars", "slots", "slot", "there is no variable slot"},
		"a field Kubernetes does not know":  {checkKustomize, base + "gateway.yaml", "readOnlyRootFilesystem", "readOnlyRoot", `unknown field "readOnlyRoot"`},
		"a root that can be written":        {checkKustomize, base + "gateway.yaml", "readOnlyRootFilesystem: true", "readOnlyRootFilesystem: false", "may write its root"},
		"a secret nobody makes":             {checkKustomize, base + "session-service.yaml", "key: url", "key: uri", "comes from a secret nobody makes"},
		"a port that is not there":          {checkKustomize, base + "inference-proxy.yaml", "targetPort: http", "targetPort: web", "leads to port web"},
		"a key that is not there":           {checkKustomize, base + "inference-proxy.yaml", "key: default-model", "key: model", "needs model of config map"},
		"too little time to drain":          {checkKustomize, base + "gateway.yaml", "terminationGracePeriodSeconds: 20", "terminationGracePeriodSeconds: 10", "is killed after 10 s and needs 14"},
		"an overlay that is not there":      {checkSkaffold, "deploy/gke/skaffold.yaml", "overlays/hybrid", "overlays/both", "no such file"},
		"a condition compose does not know": {checkCompose, "deploy/compose/compose.yaml", "service_healthy", "service_fine", "value must be one of"},
		"a variable without a value":        {checkCompose, "deploy/compose/.env.example", "POSTGRES_PASSWORD=", "POSTGRES_PASS=", "POSTGRES_PASSWORD"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			root := copyOfCheckout(t)
			path := filepath.Join(root, each.file)
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(string(text), each.old) {
				t.Fatalf("%s no longer has %q", each.file, each.old)
			}
			if err := os.WriteFile(path, []byte(strings.Replace(string(text), each.old, each.new, 1)), 0o600); err != nil {
				t.Fatal(err)
			}

			_, err = each.check(root)

			if err == nil || !strings.Contains(err.Error(), each.says) {
				t.Fatalf("said %v instead of %q", err, each.says)
			}
		})
	}
}

func copyOfCheckout(t *testing.T) string {
	root := t.TempDir()
	for _, folder := range []string{"deploy", "checks/manifests/overlays"} {
		if err := os.CopyFS(filepath.Join(root, folder), os.DirFS(filepath.Join("../..", folder))); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := exec.Command("cp", "providers.json", filepath.Join(root, "checks/manifests")).CombinedOutput(); err != nil {
		t.Fatal(string(out))
	}
	return root
}
