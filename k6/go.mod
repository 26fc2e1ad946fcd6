module penstock.dev/k6

go 1.25
