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
  mock_resource "aws_cloudwatch_log_group" {
    defaults = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/kinesis-analytics/rta-dev-main-strict" }
  }
  mock_resource "aws_cloudwatch_log_stream" {
    defaults = { arn = "arn:aws:logs:us-east-1:111122223333:log-group:/aws/kinesis-analytics/rta-dev-main-strict:log-stream:job" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/rta-dev-flink-main-strict" }
  }
}

# The README's example.
variables {
  name_prefix      = "rta-dev"
  alarm_topic_arn  = "arn:aws:sns:us-east-1:111122223333:rta-dev-alarms"
  kms_key_arn      = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  artifacts_bucket = { name = "rta-dev-artifacts", arn = "arn:aws:s3:::rta-dev-artifacts" }
  apps             = { main_strict = { models = ["revenue_per_minute"], sources = ["purchase"] } }
  packages         = { main_strict = { path = "build/packages/flink-main_strict.zip", sha256 = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=" } }
  parallelism      = { default = 1, main_strict = 2 }
  starts           = { main_strict = "2026-01-15T12:00:00Z" }
  streams          = { purchase = { name = "rta-dev-purchase", arn = "arn:aws:kinesis:us-east-1:111122223333:stream/rta-dev-purchase" } }
  tables           = { revenue_per_minute = { name = "rta-dev-revenue-per-minute", arn = "arn:aws:dynamodb:us-east-1:111122223333:table/rta-dev-revenue-per-minute" } }
}

run "the_code_lies_under_its_hash" {
  assert {
    condition     = aws_s3_object.code["main_strict"].key == "flink/main_strict/n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg.zip"
    error_message = "The key is ${aws_s3_object.code["main_strict"].key}."
  }
  assert {
    condition     = aws_kinesisanalyticsv2_application.apps["main_strict"].application_configuration[0].application_code_configuration[0].code_content[0].s3_content_location[0].file_key == aws_s3_object.code["main_strict"].key
    error_message = "The application runs that object."
  }
}

run "the_properties_are_those_that_the_job_reads" {
  assert {
    condition = {
      for group in aws_kinesisanalyticsv2_application.apps["main_strict"].application_configuration[0].environment_properties[0].property_group : group.property_group_id => group.property_map
      } == {
      "kinesis.analytics.flink.run.options" = tomap({ python = "main.py", jarfile = "lib/flink-connector.jar", pyFiles = "modules/" })
      job = tomap({
        app         = "main_strict"
        name_prefix = "rta-dev"
        aws_region  = "us-east-1"
        build_dir   = "build"
        start       = "2026-01-15T12:00:00Z"
        wait        = "false"
      })
      flink = tomap({ "table.exec.mini-batch.allow-latency" = "1000 ms" })
    }
    error_message = "flink_app/properties.py refuses other keys of `job`."
  }
}

run "it_is_started_and_goes_on_from_its_newest_snapshot" {
  assert {
    condition     = aws_kinesisanalyticsv2_application.apps["main_strict"].start_application && aws_kinesisanalyticsv2_application.apps["main_strict"].application_configuration[0].application_snapshot_configuration[0].snapshots_enabled
    error_message = "It is started, and takes snapshots."
  }
  assert {
    condition     = aws_kinesisanalyticsv2_application.apps["main_strict"].application_configuration[0].run_configuration[0].application_restore_configuration[0].application_restore_type == "RESTORE_FROM_LATEST_SNAPSHOT" && !aws_kinesisanalyticsv2_application.apps["main_strict"].application_configuration[0].run_configuration[0].flink_run_configuration[0].allow_non_restored_state
    error_message = "State is restored whole or not at all."
  }
  assert {
    condition     = aws_kinesisanalyticsv2_application.apps["main_strict"].application_configuration[0].flink_application_configuration[0].checkpoint_configuration[0].checkpoint_interval == 5000 && aws_kinesisanalyticsv2_application.apps["main_strict"].application_configuration[0].flink_application_configuration[0].parallelism_configuration[0].parallelism == 2
    error_message = "Checkpoints come every 5 s; the application has its own parallelism."
  }
}

run "its_role_may_make_the_calls_of_the_connectors_and_no_other" {
  assert {
    condition = toset(flatten(data.aws_iam_policy_document.apps["main_strict"].statement[*].actions)) == toset([
      "dynamodb:BatchWriteItem",
      "kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards",
      "kms:Decrypt",
      "logs:DescribeLogGroups", "logs:DescribeLogStreams", "logs:PutLogEvents",
      "s3:GetObject", "s3:GetObjectVersion",
    ])
    error_message = "The role's actions changed."
  }
  assert {
    condition     = toset(flatten([for statement in data.aws_iam_policy_document.apps["main_strict"].statement : statement.resources if contains(["ReadEvents", "WriteRows"], statement.sid)])) == toset([var.streams["purchase"].arn, var.tables["revenue_per_minute"].arn])
    error_message = "It reads its own events and writes its own tables."
  }
}

run "every_alarm_of_an_application_ends_in_stale_numbers" {
  assert {
    condition = toset(keys(output.alarms)) == toset([
      for kind in ["checkpoints-failing", "checkpoints-slow", "flink-behind", "flink-cpu-high", "flink-down", "flink-heap-high", "flink-restarting"] : "${kind}-main_strict"
    ])
    error_message = "The alarms are ${join(", ", keys(output.alarms))}."
  }
  assert {
    condition     = alltrue([for alarm in output.alarms : alarm.symptom == "stale_numbers" && startswith(alarm.name, "rta-dev-stream-processing-")])
    error_message = "Who reads the page sees old numbers."
  }
  assert {
    condition     = one(flatten([for query in aws_cloudwatch_metric_alarm.flink_behind["main_strict"].metric_query : query.metric[*].dimensions])) == tomap({ Application = "rta-dev-main-strict", Flow = "Input", Id = "rta_dev_purchase" })
    error_message = "AWS names a stream with underscores there."
  }
}

run "another_parallelism_updates_the_application" {
  variables {
    parallelism = { default = 4 }
  }

  assert {
    condition     = output.applications["main_strict"].arn == run.it_is_started_and_goes_on_from_its_newest_snapshot.applications["main_strict"].arn
    error_message = "The same application goes on, from its snapshot."
  }
}

run "another_start_replaces_the_application" {
  variables {
    starts = {}
  }

  assert {
    condition     = output.applications["main_strict"].arn != run.it_is_started_and_goes_on_from_its_newest_snapshot.applications["main_strict"].arn
    error_message = "A new application has no old snapshot to begin from."
  }
  assert {
    condition     = terraform_data.start["main_strict"].output == "TRIM_HORIZON"
    error_message = "Without a start, everything that the streams hold is read."
  }
}

run "an_emulator_can_keep_an_application_without_running_it" {
  command = plan

  variables {
    start = false
  }

  assert {
    condition     = !aws_kinesisanalyticsv2_application.apps["main_strict"].start_application && length(aws_cloudwatch_metric_alarm.flink_down) == 0
    error_message = "What does not run is not missed."
  }
  assert {
    condition     = length(aws_kinesisanalyticsv2_application.apps["main_strict"].application_configuration[0].run_configuration) == 0
    error_message = "AWS keeps no run configuration of what does not run: each plan would want to add it."
  }
}

run "in_a_vpc_the_role_may_make_its_interfaces" {
  variables {
    vpc = { security_group_ids = ["sg-1"], subnet_ids = ["subnet-1", "subnet-2"] }
  }

  assert {
    condition     = contains(flatten(data.aws_iam_policy_document.apps["main_strict"].statement[*].actions), "ec2:CreateNetworkInterface")
    error_message = "An application in a VPC makes network interfaces."
  }
}

run "a_runtime_without_a_jar_is_refused" {
  command = plan

  variables {
    runtime = "FLINK-2_2"
  }
  expect_failures = [var.runtime]
}

run "a_start_that_is_no_time_is_refused" {
  command = plan

  variables {
    starts = { main_strict = "yesterday" }
  }
  expect_failures = [var.starts]
}

run "an_application_without_a_package_is_refused" {
  command = plan

  variables {
    packages = {}
  }
  expect_failures = [var.packages]
}
