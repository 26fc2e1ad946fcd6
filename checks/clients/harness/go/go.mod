module penstock.dev/checks/clients/harness/go

go 1.26
