// Package stack runs Penstock on this machine, as one process or each service by itself.
package stack

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"penstock.dev/k6/processes"
)

// startLimit is generous: a loaded machine takes long to start a JVM.
const startLimit = 2 * time.Minute

// Stack is what was started; Stop ends it, the last first.
type Stack struct {
	// WholeHeap has every JVM take all of its heap at its start.
	WholeHeap bool

	root   string
	folder string
	watch  *processes.Watch

	mutex   sync.Mutex
	started []*processes.Process
}

// New has nothing running. root is the checkout, folder takes logs and data.
func New(root, folder string, watch *processes.Watch) *Stack {
	return &Stack{root: root, folder: folder, watch: watch}
}

// Build brings the launcher's build up to date, so that no start has to.
func (s *Stack) Build(ctx context.Context) error {
	build := exec.CommandContext(ctx, s.launcher(), "--version")
	build.Stderr = os.Stderr
	return build.Run()
}

// Stop ends what was started with Run and has not been stopped.
func (s *Stack) Stop() {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	for at := len(s.started) - 1; at >= 0; at-- {
		s.started[at].Stop()
	}
	s.started = nil
}

// Everything runs ./penstock, with its own database and simulator, and gives its address.
func (s *Stack) Everything(ctx context.Context, env map[string]string) (string, error) {
	p, err := s.Run("penstock", []string{"--port", "0", "--data", filepath.Join(s.folder, "data")}, env)
	if err != nil {
		return "", err
	}
	told := regexp.MustCompile(`Penstock is ready: http://localhost:(\d+)`)
	port := 0
	err = p.Await(ctx, startLimit, func() bool {
		if found := told.FindStringSubmatch(p.Tail()); found != nil {
			port, _ = strconv.Atoi(found[1])
		}
		return port != 0
	})
	s.watchPostgres()
	return processes.Loopback(port), err
}

// watchPostgres has the database server watched, which is no child of who started it.
func (s *Stack) watchPostgres() {
	text, err := os.ReadFile(filepath.Join(s.folder, "data/postgresql/postmaster.pid"))
	if err != nil {
		return // it is not measured then, and the start itself tells what went wrong
	}
	line, _, _ := strings.Cut(string(text), "\n")
	if pid, err := strconv.Atoi(strings.TrimSpace(line)); err == nil {
		s.watch.Add("postgresql", pid)
	}
}

// Database runs PostgreSQL with the schema in place and gives its address.
func (s *Stack) Database(ctx context.Context) (string, error) {
	java, err := findJava()
	if err != nil {
		return "", err
	}
	p, err := s.start(processes.Command{
		Name: "database", Path: java, Folder: s.folder,
		Args: []string{
			"-XX:+UseSerialGC", "-Xmx128m", "-XX:TieredStopAtLevel=1",
			"-cp", filepath.Join(s.root, "local/target/app/lib/*"),
			filepath.Join(s.root, "k6/stack/Database.java"), filepath.Join(s.folder, "data"),
		},
	})
	if err != nil {
		return "", err
	}
	told := regexp.MustCompile(`DATABASE_URL=(\S+)`)
	url := ""
	err = p.Await(ctx, startLimit, func() bool {
		if found := told.FindStringSubmatch(p.Tail()); found != nil {
			url = found[1]
		}
		return url != ""
	})
	s.watchPostgres()
	return url, err
}

// Service runs one service under a name of its own and gives its address once it is ready.
func (s *Stack) Service(ctx context.Context, name, service string, env map[string]string) (string, error) {
	p, address, err := s.Unowned(ctx, name, service, env)
	if p != nil {
		s.own(p)
	}
	return address, err
}

// Unowned is Service whose process the caller stops.
func (s *Stack) Unowned(ctx context.Context, name, service string, env map[string]string) (*processes.Process, string, error) {
	port, err := processes.FreePort()
	if err != nil {
		return nil, "", err
	}
	p, err := processes.Start(s.command(name, []string{service, "--port", strconv.Itoa(port)}, env))
	if err != nil {
		return nil, "", err
	}
	address := processes.Loopback(port)
	ready := address + "/readyz"
	if service == "simulator" {
		ready = address + "/api/version"
	}
	if err := p.Await(ctx, startLimit, func() bool { return processes.Answers(ready) }); err != nil {
		p.Stop()
		return nil, "", err
	}
	return p, address, nil
}

// Run runs the launcher with these arguments.
func (s *Stack) Run(name string, arguments []string, env map[string]string) (*processes.Process, error) {
	return s.start(s.command(name, arguments, env))
}

func (s *Stack) command(name string, arguments []string, env map[string]string) processes.Command {
	all := map[string]string{"LOG_LEVEL": "WARN", "JAVA_TOOL_OPTIONS": heap}
	if s.WholeHeap {
		all["JAVA_TOOL_OPTIONS"] = wholeHeap
	}
	for name, value := range env {
		all[name] = value
	}
	return processes.Command{Name: name, Path: s.launcher(), Args: arguments, Env: all, Folder: s.folder}
}

// heap bounds each process, as the memory of a container does.
const heap = "-Xmx384m"

// wholeHeap is resident from the start, so that what grows is not the heap filling up for the first
// time; the heap itself is looked at after collections.
const wholeHeap = "-Xms256m -Xmx256m -XX:+AlwaysPreTouch"

func (s *Stack) start(c processes.Command) (*processes.Process, error) {
	p, err := processes.Start(c)
	if err == nil {
		s.own(p)
	}
	return p, err
}

func (s *Stack) own(p *processes.Process) {
	s.watch.Add(p.Name, p.Pid())
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.started = append(s.started, p)
}

func (s *Stack) launcher() string { return filepath.Join(s.root, "penstock") }

// findJava looks where ./penstock looks.
func findJava() (string, error) {
	var candidates []string
	if home := os.Getenv("JAVA_HOME"); home != "" {
		candidates = append(candidates, filepath.Join(home, "bin/java"))
	}
	if java, err := exec.LookPath("java"); err == nil {
		candidates = append(candidates, java)
	}
	for _, pattern := range []string{
		"/usr/lib/jvm/*/bin/java", "/opt/java/*/bin/java", "/opt/jdk*/bin/java",
		filepath.Join(os.Getenv("HOME"), ".sdkman/candidates/java/*/bin/java"),
		filepath.Join(os.Getenv("HOME"), ".jdks/*/bin/java"),
		"/Library/Java/JavaVirtualMachines/*/Contents/Home/bin/java",
	} {
		found, _ := filepath.Glob(pattern)
		candidates = append(candidates, found...)
	}
	for _, java := range candidates {
		if feature(java) >= 25 {
			return java, nil
		}
	}
	return "", errors.New("needs a JDK 25 or newer; point JAVA_HOME at it")
}

func feature(java string) int {
	told, err := exec.Command(java, "-version").CombinedOutput()
	if err != nil {
		return 0
	}
	_, after, found := strings.Cut(string(told), `version "`)
	if !found {
		return 0
	}
	digits := regexp.MustCompile(`^\d+`).FindString(after)
	number, _ := strconv.Atoi(digits)
	return number
}
