package main

import (
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	apps "k8s.io/api/apps/v1"
	autoscaling "k8s.io/api/autoscaling/v2"
	core "k8s.io/api/core/v1"
	networking "k8s.io/api/networking/v1"
	policy "k8s.io/api/policy/v1"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/api/resource"
	"sigs.k8s.io/kustomize/kyaml/filesys"
	"sigs.k8s.io/yaml"
)

// Secrets that docs/deploy/gke.md makes by hand.
var secrets = map[string]string{"penstock-database": "url", "penstock-weights": "token"}

// checkKustomize builds every overlay, reads each object into the type Kubernetes itself has for it, where an unknown
// field is an error, and follows the names from one object to another.
func checkKustomize(root string) (string, error) {
	overlays, err := filepath.Glob(filepath.Join(root, "deploy/gke/kustomize/overlays/*"))
	if err != nil {
		return "", err
	}
	// Nothing ships the component of its own; it is built here so that it cannot rot.
	overlays = append(overlays, filepath.Join(root, "checks/manifests/overlays/internal-load-balancer"))
	found := faults{root: root}
	objects := 0
	for _, overlay := range overlays {
		built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), overlay)
		if err != nil {
			found.add(overlay, "%v", err)
			continue
		}
		cluster := newCluster(overlay, &found)
		for _, each := range built.Resources() {
			cluster.read(each)
			objects++
		}
		cluster.follow()
	}
	return fmt.Sprintf("%d objects in %d overlays", objects, len(overlays)), found.err()
}

// A workload is what has a pod template.
type workload struct {
	name     string
	labels   map[string]string
	selector map[string]string
	pod      core.PodTemplateSpec
}

type cluster struct {
	overlay   string
	faults    *faults
	names     map[string]bool
	workloads []workload
	services  []core.Service
	configs   map[string]map[string]string
	scalers   []autoscaling.HorizontalPodAutoscaler
	budgets   []policy.PodDisruptionBudget
}

func newCluster(overlay string, found *faults) *cluster {
	return &cluster{overlay: overlay, faults: found, names: map[string]bool{}, configs: map[string]map[string]string{}}
}

func (c *cluster) read(from *resource.Resource) {
	c.names[from.GetKind()+"/"+from.GetName()] = true
	var into any
	switch kind := from.GetKind(); kind {
	case "Deployment":
		into = &apps.Deployment{}
	case "StatefulSet":
		into = &apps.StatefulSet{}
	case "Service":
		into = &core.Service{}
	case "ServiceAccount":
		into = &core.ServiceAccount{}
	case "ConfigMap":
		into = &core.ConfigMap{}
	case "Namespace":
		into = &core.Namespace{}
	case "HorizontalPodAutoscaler":
		into = &autoscaling.HorizontalPodAutoscaler{}
	case "PodDisruptionBudget":
		into = &policy.PodDisruptionBudget{}
	case "NetworkPolicy":
		into = &networking.NetworkPolicy{}
	case "PodMonitoring":
		return // Managed Prometheus' own kind
	default:
		c.faults.add(c.overlay, "nobody here knows the kind %s of %s", kind, from.GetName())
		return
	}
	text, err := from.AsYAML()
	if err == nil {
		err = yaml.UnmarshalStrict(text, into)
	}
	if err != nil {
		c.faults.add(c.overlay, "%s %s: %v", from.GetKind(), from.GetName(), err)
		return
	}
	c.keep(into)
}

func (c *cluster) keep(object any) {
	switch it := object.(type) {
	case *apps.Deployment:
		c.workloads = append(c.workloads, workload{it.Name, it.Spec.Template.Labels, it.Spec.Selector.MatchLabels, it.Spec.Template})
	case *apps.StatefulSet:
		template := it.Spec.Template
		for _, claim := range it.Spec.VolumeClaimTemplates {
			template.Spec.Volumes = append(template.Spec.Volumes, core.Volume{Name: claim.Name})
		}
		c.workloads = append(c.workloads, workload{it.Name, template.Labels, it.Spec.Selector.MatchLabels, template})
	case *core.Service:
		c.services = append(c.services, *it)
	case *core.ConfigMap:
		c.configs[it.Name] = it.Data
	case *autoscaling.HorizontalPodAutoscaler:
		c.scalers = append(c.scalers, *it)
	case *policy.PodDisruptionBudget:
		c.budgets = append(c.budgets, *it)
	}
}

func (c *cluster) follow() {
	for _, each := range c.workloads {
		c.followPod(each)
	}
	for _, service := range c.services {
		behind := c.selected(service.Spec.Selector)
		if behind == nil {
			c.faults.add(c.overlay, "service %s selects nothing", service.Name)
			continue
		}
		for _, port := range service.Spec.Ports {
			if !hasPort(behind.pod.Spec, port.TargetPort.StrVal) {
				c.faults.add(c.overlay, "service %s leads to port %s, which %s does not have", service.Name, port.TargetPort.String(), behind.name)
			}
		}
	}
	for _, scaler := range c.scalers {
		target := scaler.Spec.ScaleTargetRef
		if !c.names[target.Kind+"/"+target.Name] {
			c.faults.add(c.overlay, "autoscaler %s scales %s %s, which is not there", scaler.Name, target.Kind, target.Name)
		}
	}
	for _, budget := range c.budgets {
		if c.selected(budget.Spec.Selector.MatchLabels) == nil {
			c.faults.add(c.overlay, "disruption budget %s selects nothing", budget.Name)
		}
	}
}

func (c *cluster) selected(selector map[string]string) *workload {
	for index, each := range c.workloads {
		if matches(selector, each.labels) {
			return &c.workloads[index]
		}
	}
	return nil
}

func matches(selector, labels map[string]string) bool {
	for key, value := range selector {
		if labels[key] != value {
			return false
		}
	}
	return len(selector) > 0
}

func (c *cluster) followPod(of workload) {
	pod := of.pod.Spec
	if !matches(of.selector, of.labels) {
		c.faults.add(c.overlay, "%s does not select its own pods", of.name)
	}
	if !c.names["ServiceAccount/"+pod.ServiceAccountName] {
		c.faults.add(c.overlay, "%s runs as %s, which is not there", of.name, pod.ServiceAccountName)
	}
	if !c.names["NetworkPolicy/"+of.name] {
		c.faults.add(c.overlay, "no network policy says who may call %s", of.name)
	}
	if pod.SecurityContext == nil || pod.SecurityContext.RunAsNonRoot == nil || !*pod.SecurityContext.RunAsNonRoot {
		c.faults.add(c.overlay, "%s may run as root", of.name)
	}
	for _, container := range append(pod.InitContainers, pod.Containers...) {
		c.followContainer(of, container)
	}
	for _, volume := range pod.Volumes {
		if volume.ConfigMap != nil {
			for _, item := range volume.ConfigMap.Items {
				c.need(of, volume.ConfigMap.Name, item.Key)
			}
		}
	}
	// preStop and the drain of 8 s must fit.
	for _, container := range pod.Containers {
		if container.Lifecycle == nil || container.Lifecycle.PreStop == nil || container.Lifecycle.PreStop.Sleep == nil {
			continue
		}
		if ends := container.Lifecycle.PreStop.Sleep.Seconds + 9; *pod.TerminationGracePeriodSeconds < ends {
			c.faults.add(c.overlay, "%s is killed after %d s and needs %d", of.name, *pod.TerminationGracePeriodSeconds, ends)
		}
	}
}

func (c *cluster) followContainer(of workload, container core.Container) {
	security := container.SecurityContext
	if security == nil || security.ReadOnlyRootFilesystem == nil || !*security.ReadOnlyRootFilesystem ||
		security.AllowPrivilegeEscalation == nil || *security.AllowPrivilegeEscalation ||
		security.Capabilities == nil || len(security.Capabilities.Drop) != 1 {
		c.faults.add(c.overlay, "%s in %s may write its root, gain privileges or keep capabilities", container.Name, of.name)
	}
	for _, variable := range container.Env {
		if from := variable.ValueFrom; from != nil && from.SecretKeyRef != nil && secrets[from.SecretKeyRef.Name] != from.SecretKeyRef.Key {
			c.faults.add(c.overlay, "%s of %s comes from a secret nobody makes", variable.Name, of.name)
		} else if from != nil && from.ConfigMapKeyRef != nil {
			c.need(of, from.ConfigMapKeyRef.Name, from.ConfigMapKeyRef.Key)
		}
	}
	volumes := map[string]bool{}
	for _, volume := range of.pod.Spec.Volumes {
		volumes[volume.Name] = true
	}
	for _, mount := range container.VolumeMounts {
		if !volumes[mount.Name] {
			c.faults.add(c.overlay, "%s mounts %s, which is no volume", of.name, mount.Name)
		}
	}
	for _, probe := range []*core.Probe{container.StartupProbe, container.ReadinessProbe, container.LivenessProbe} {
		if probe != nil && !hasPort(of.pod.Spec, probe.HTTPGet.Port.StrVal) {
			c.faults.add(c.overlay, "a probe of %s looks at port %s, which it does not have", of.name, probe.HTTPGet.Port.String())
		}
	}
}

func (c *cluster) need(of workload, config, key string) {
	if _, there := c.configs[config][key]; !there {
		c.faults.add(c.overlay, "%s needs %s of config map %s, which has %s", of.name, key, config, strings.Join(keys(c.configs[config]), ", "))
	}
}

func hasPort(pod core.PodSpec, name string) bool {
	for _, container := range pod.Containers {
		for _, port := range container.Ports {
			if port.Name == name {
				return true
			}
		}
	}
	return false
}

func keys[V any](of map[string]V) []string {
	var all []string
	for key := range of {
		all = append(all, key)
	}
	sort.Strings(all)
	return all
}
