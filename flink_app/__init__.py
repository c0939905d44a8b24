"""Runs the compiled SQL of `build/flink/<app>` on Flink: the same code on Managed Flink and on one machine."""
