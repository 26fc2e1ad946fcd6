package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

// What we use of Skaffold's own form (its schema v4beta13), and nothing else.
type skaffold struct {
	APIVersion string                `json:"apiVersion"`
	Kind       string                `json:"kind"`
	Metadata   struct{ Name string } `json:"metadata"`
	Build      struct {
		TagPolicy struct {
			GitCommit struct{} `json:"gitCommit"`
		} `json:"tagPolicy"`
		Artifacts []struct {
			Image   string `json:"image"`
			Context string `json:"context"`
			Custom  struct {
				BuildCommand string `json:"buildCommand"`
				Dependencies struct {
					Paths []string `json:"paths"`
				} `json:"dependencies"`
			} `json:"custom"`
		} `json:"artifacts"`
	} `json:"build"`
	Manifests skaffoldManifests `json:"manifests"`
	Deploy    struct {
		StatusCheckDeadlineSeconds int      `json:"statusCheckDeadlineSeconds"`
		Kubectl                    struct{} `json:"kubectl"`
	} `json:"deploy"`
	Profiles []struct {
		Name        string            `json:"name"`
		Manifests   skaffoldManifests `json:"manifests"`
		PortForward []struct {
			ResourceType string `json:"resourceType"`
			ResourceName string `json:"resourceName"`
			Namespace    string `json:"namespace"`
			Port         int    `json:"port"`
			LocalPort    int    `json:"localPort"`
		} `json:"portForward"`
	} `json:"profiles"`
}

type skaffoldManifests struct {
	Kustomize struct {
		Paths []string `json:"paths"`
	} `json:"kustomize"`
}

// checkSkaffold reads skaffold.yaml strictly and follows what it names: overlays, build commands, and images, each of
// which a manifest of the base has to use.
func checkSkaffold(root string) (string, error) {
	folder := filepath.Join(root, "deploy/gke")
	path := filepath.Join(folder, "skaffold.yaml")
	text, err := os.ReadFile(path)
	if err != nil {
		return "", err
	}
	var config skaffold
	if err := yaml.UnmarshalStrict(text, &config); err != nil {
		return "", err
	}
	found := faults{root: root}
	overlays := config.Manifests.Kustomize.Paths
	for _, profile := range config.Profiles {
		overlays = append(overlays, profile.Manifests.Kustomize.Paths...)
	}
	for _, overlay := range overlays {
		if _, err := os.Stat(filepath.Join(folder, overlay, "kustomization.yaml")); err != nil {
			found.add(path, "%v", err)
		}
	}
	for _, artifact := range config.Build.Artifacts {
		service := strings.TrimPrefix(artifact.Image, "penstock-")
		manifest, err := os.ReadFile(filepath.Join(folder, "kustomize/base", service+".yaml"))
		if err != nil || !strings.Contains(string(manifest), "image: "+artifact.Image+"\n") {
			found.add(path, "no manifest of the base uses the image %s", artifact.Image)
		}
		command := strings.Fields(artifact.Custom.BuildCommand)[0]
		if file, err := os.Stat(filepath.Join(folder, artifact.Context, command)); err != nil || file.Mode()&0o111 == 0 {
			found.add(path, "%s cannot be run", command)
		}
	}
	return fmt.Sprintf("%d images, %d overlays", len(config.Build.Artifacts), len(overlays)), found.err()
}
