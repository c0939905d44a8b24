# The whole root, planned against a mocked AWS with the values given:
# terraform test -filter=tests/environment.tftest.hcl -var-file=environments/dev.tfvars -var build_directory=tests/fixtures/compiled
mock_provider "aws" {
  source = "./tests/mocks"
}

run "the_environment_is_planned" {
  command = plan

  assert {
    condition     = output.name_prefix == "rta-${var.environment}"
    error_message = "Names begin with project and environment."
  }
  assert {
    condition     = keys(output.streams) == keys(local.manifest.events)
    error_message = "A stream for each event of the manifest."
  }
  assert {
    condition     = keys(output.tables) == keys(local.manifest.models)
    error_message = "A table for each model of the manifest."
  }
  assert {
    condition     = keys(output.applications) == keys(local.manifest.apps)
    error_message = "An application for each app of the manifest."
  }
  assert {
    condition     = alltrue([for alarm in local.alarms : startswith(alarm.name, "rta-${var.environment}-")])
    error_message = "Every alarm carries the prefix."
  }
}
