"""Tests of the worker side: clients, servers, queue and runs."""
