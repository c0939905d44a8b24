mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_partition" {
    defaults = { partition = "aws" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
}

# The README's example.
variables {
  name_prefix        = "rta-dev"
  alarm_topic_arn    = "arn:aws:sns:us-east-1:111122223333:rta-dev-alarms"
  kms_key_arn        = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  artifacts_bucket   = { name = "rta-dev-artifacts-111122223333", arn = "arn:aws:s3:::rta-dev-artifacts-111122223333" }
  lake_bucket        = { name = "rta-dev-lake-111122223333", arn = "arn:aws:s3:::rta-dev-lake-111122223333" }
  glue_database_name = "rta_dev_lake"

  jobs = {
    reconcile = { schedule = "cron(15 * * * ? *)", models = ["revenue_per_minute"] }
    backfill  = { workers = 10 }
  }
  packages = {
    reconcile = { path = "build/packages/glue-reconcile-0123456789abcdef.py", sha256 = "q83vEjRWeJA=" }
    backfill  = { path = "build/packages/glue-backfill-fedcba9876543210.py", sha256 = "EjRWeJCrze8=" }
  }
  tables = {
    revenue_per_minute = { arn = "arn:aws:dynamodb:us-east-1:111122223333:table/rta-dev-revenue-per-minute" }
  }
}

run "a_job_runs_its_script_by_content" {
  command = plan

  assert {
    condition     = aws_glue_job.jobs["reconcile"].command[0].script_location == "s3://rta-dev-artifacts-111122223333/glue/reconcile/glue-reconcile-0123456789abcdef.py"
    error_message = "The script's name holds its hash."
  }
  assert {
    condition     = aws_glue_job.jobs["backfill"].number_of_workers == 10 && aws_glue_job.jobs["reconcile"].number_of_workers == 2
    error_message = "Each on the workers that it asks for."
  }
}

run "only_a_job_with_a_schedule_has_a_trigger" {
  command = plan

  assert {
    condition     = { for job, trigger in aws_glue_trigger.schedules : job => trigger.schedule } == { reconcile = "cron(15 * * * ? *)" }
    error_message = "backfill is started by hand."
  }
}

run "without_jobs_there_is_a_log_group_and_nothing_else" {
  command = plan
  variables {
    jobs     = {}
    packages = {}
  }

  assert {
    condition     = length(aws_glue_job.jobs) + length(aws_iam_role.jobs) + length(aws_cloudwatch_metric_alarm.job_failed) == 0
    error_message = "Nothing listed, nothing built."
  }
}

run "a_job_without_a_package_is_refused" {
  command = plan
  variables {
    packages = {}
  }
  expect_failures = [var.packages]
}

run "a_job_that_corrects_an_unknown_model_is_refused" {
  command = plan
  variables {
    tables = {}
  }
  expect_failures = [var.tables]
}

run "an_unknown_worker_is_refused" {
  command = plan
  variables {
    jobs = { reconcile = { worker_type = "XL" } }
  }
  expect_failures = [var.jobs]
}
