package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/cli"
)

// checkCompose loads the compose files as `docker compose` does: schema, variables, references between parts. The
// variables are those of .env.example, with a value where a person has to choose one.
func checkCompose(root string) (string, error) {
	folder := filepath.Join(root, "deploy/compose")
	environment, err := exampleEnvironment(filepath.Join(folder, ".env.example"))
	if err != nil {
		return "", err
	}
	services := 0
	for _, files := range [][]string{{"compose.yaml"}, {"compose.yaml", "compose.gpu.yaml"}} {
		var paths []string
		for _, file := range files {
			paths = append(paths, filepath.Join(folder, file))
		}
		options, err := cli.NewProjectOptions(paths, cli.WithWorkingDirectory(folder), cli.WithEnv(environment))
		if err != nil {
			return "", err
		}
		project, err := options.LoadProject(context.Background())
		if err != nil {
			return "", fmt.Errorf("%s: %w", strings.Join(files, " + "), err)
		}
		services = len(project.Services)
		for _, service := range project.Services {
			for _, volume := range service.Volumes {
				if volume.Type != "bind" || strings.HasSuffix(volume.Source, "/dashboards") {
					continue
				}
				if _, err := os.Stat(volume.Source); err != nil {
					return "", fmt.Errorf("%s mounts what is not there: %w", service.Name, err)
				}
			}
		}
	}
	return fmt.Sprintf("%d services, with and without a GPU", services), nil
}

func exampleEnvironment(path string) ([]string, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var environment []string
	for _, line := range strings.Split(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if strings.HasSuffix(line, "=") {
			line += "chosen"
		}
		environment = append(environment, line)
	}
	return environment, nil
}
