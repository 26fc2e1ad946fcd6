"""Starts Penstock, runs each client program against it and writes down what they saw."""
