# What a user may get wrong; the texts themselves are held in tests/terraform/.
mock_provider "aws" {
  source = "./tests/mocks"
}

variables {
  build_directory = "./tests/fixtures/compiled"
  environment     = "dev"
  region          = "us-east-1"
}

run "a_missing_manifest_is_said" {
  command = plan
  variables {
    build_directory = "./tests/fixtures/nowhere"
  }
  expect_failures = [var.build_directory]
}

run "an_unknown_environment_is_refused" {
  command = plan
  variables {
    environment = "staging"
  }
  expect_failures = [var.environment]
}

run "a_region_that_is_none_is_refused" {
  command = plan
  variables {
    region = "Frankfurt"
  }
  expect_failures = [var.region]
}

run "a_project_too_long_for_awss_names_is_refused" {
  command = plan
  variables {
    project = "real-time-analytics-shop"
  }
  expect_failures = [var.project]
}

run "a_mode_and_a_runtime_that_do_not_exist_are_refused" {
  command = plan
  variables {
    stream_mode   = "AUTO"
    flink_runtime = "FLINK-2_2"
    nat           = "yes"
  }
  expect_failures = [var.stream_mode, var.flink_runtime, var.nat]
}

run "numbers_out_of_range_are_refused" {
  command = plan
  variables {
    budget_usd              = -1
    flink_parallelism       = { main = 2 }
    lake_keep_days          = 30
    log_retention_days      = 10
    mini_batch_milliseconds = 5
  }
  expect_failures = [
    var.budget_usd, var.flink_parallelism, var.lake_keep_days, var.log_retention_days, var.mini_batch_milliseconds,
  ]
}

run "addresses_that_are_none_are_refused" {
  command = plan
  variables {
    alarm_emails = ["oncall"]
    cidr         = "10.20.0.0/28"
  }
  expect_failures = [var.alarm_emails, var.cidr]
}

run "a_table_without_a_model_is_not_deleted" {
  command = plan

  override_data {
    target = data.aws_dynamodb_tables.present
    values = { names = ["rta-dev-retired-metric", "rta-dev-revenue-per-minute", "rta-prod-retired-metric"] }
  }
  expect_failures = [terraform_data.removed_tables]
}

run "a_table_that_is_named_may_go" {
  command = plan
  variables {
    remove_tables = ["rta-dev-retired-metric"]
  }

  override_data {
    target = data.aws_dynamodb_tables.present
    values = { names = ["rta-dev-retired-metric", "rta-dev-revenue-per-minute", "rta-prod-retired-metric"] }
  }
}
