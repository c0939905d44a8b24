"""Runs the compiled SQL of `build/flink/<app>` on Flink, on AWS and on one machine alike."""
