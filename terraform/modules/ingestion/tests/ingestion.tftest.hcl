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
  mock_resource "aws_cloudwatch_event_rule" {
    defaults = { arn = "arn:aws:events:us-east-1:111122223333:rule/rta-dev-shard-scaler" }
  }
  mock_resource "aws_iam_role" {
    defaults = { arn = "arn:aws:iam::111122223333:role/rta-dev-shard-scaler" }
  }
  mock_resource "aws_kinesis_stream" {
    defaults = { arn = "arn:aws:kinesis:us-east-1:111122223333:stream/one" }
  }
  mock_resource "aws_lambda_function" {
    defaults = { arn = "arn:aws:lambda:us-east-1:111122223333:function:rta-dev-shard-scaler" }
  }
  mock_resource "aws_secretsmanager_secret" {
    defaults = { arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:rta-dev-collector-abcdef" }
  }
}

# The README's example.
variables {
  name_prefix     = "rta-dev"
  alarm_topic_arn = "arn:aws:sns:us-east-1:111122223333:rta-dev-alarms"
  kms_key_arn     = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  events = {
    page_view      = { stream = "page-view" }
    purchase       = { stream = "purchase" }
    rejected_event = { stream = "rejected-event" }
  }
  stream_mode    = "PROVISIONED"
  shards         = { page_view = { min = 2, max = 16 } }
  scaler_package = { path = "build/packages/shard-scaler.zip", sha256 = "n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=" }
}

run "each_event_has_an_encrypted_stream_of_its_own" {
  assert {
    condition     = { for event, stream in output.streams : event => stream.name } == { page_view = "rta-dev-page-view", purchase = "rta-dev-purchase", rejected_event = "rta-dev-rejected-event" }
    error_message = "A stream is called by its prefix and the event's suffix."
  }
  assert {
    condition     = alltrue([for stream in aws_kinesis_stream.events : stream.encryption_type == "KMS" && stream.kms_key_id == var.kms_key_arn && stream.retention_period == 24])
    error_message = "Streams are encrypted with the given key and keep a day."
  }
  assert {
    condition     = aws_kinesis_stream.events["page_view"].shard_count == 2 && aws_kinesis_stream.events["purchase"].shard_count == 1
    error_message = "A provisioned stream begins with its fewest shards."
  }
}

run "the_scaler_is_told_each_streams_limits" {
  assert {
    condition = jsondecode(aws_lambda_function.scaler["all"].environment[0].variables["STREAMS"]) == {
      rta-dev-page-view      = { min = 2, max = 16 }
      rta-dev-purchase       = { min = 1, max = 8 }
      rta-dev-rejected-event = { min = 1, max = 8 }
    }
    error_message = "The Lambda's limits are those of `shards`."
  }
  assert {
    condition     = aws_cloudwatch_event_rule.scaler["all"].schedule_expression == "rate(1 minute)" && aws_lambda_function.scaler["all"].timeout < 60
    error_message = "The scaler runs once a minute, and never twice at once."
  }
  assert {
    condition = toset(flatten(data.aws_iam_policy_document.scaler.statement[*].actions)) == toset([
      "cloudwatch:GetMetricData", "kinesis:DescribeStreamSummary", "kinesis:UpdateShardCount", "logs:CreateLogStream", "logs:PutLogEvents",
    ])
    error_message = "The scaler may do what it does and nothing else."
  }
}

run "the_collector_may_put_records_and_read_its_secret_and_nothing_else" {
  assert {
    condition = toset(flatten(data.aws_iam_policy_document.write.statement[*].actions)) == toset([
      "kinesis:PutRecords", "kms:Decrypt", "kms:GenerateDataKey", "secretsmanager:GetSecretValue",
    ])
    error_message = "The collector's policy grew or shrank."
  }
  assert {
    condition     = !contains(flatten(data.aws_iam_policy_document.write.statement[*].resources), "*")
    error_message = "The collector's policy names every resource."
  }
}

run "every_alarm_is_heard_and_says_what_to_do" {
  assert {
    condition = toset(keys(output.alarms)) == toset([
      "no-events", "rejected-events", "scaler-failing",
      "unread-events-page_view", "unread-events-purchase", "unread-events-rejected_event",
      "write-throttled-page_view", "write-throttled-purchase", "write-throttled-rejected_event",
    ])
    error_message = "The alarms are ${join(", ", keys(output.alarms))}."
  }
  assert {
    condition     = alltrue([for alarm in output.alarms : alarm.symptom == "ingest_loss" && startswith(alarm.name, "rta-dev-ingestion-")])
    error_message = "What happens here loses events, and an alarm's name says where it is."
  }
  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.rejected_events.metric_query : query.expression if query.id == "share"]) == "100 * FILL(rejected, 0) / (FILL(rejected, 0) + FILL(in_page_view, 0) + FILL(in_purchase, 0))"
    error_message = "The share is of all events, accepted and rejected."
  }
}

run "on_demand_streams_have_no_shards_and_no_scaler" {
  command = plan

  variables {
    stream_mode    = "ON_DEMAND"
    scaler_package = null
  }

  assert {
    condition     = length(aws_lambda_function.scaler) == 0 && aws_kinesis_stream.events["page_view"].stream_mode_details[0].stream_mode == "ON_DEMAND"
    error_message = "AWS sizes on-demand streams."
  }
}

run "ten_events_still_make_alarms_that_aws_takes" {
  command = plan

  variables {
    events = { for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "rejected_event"] : name => { stream = replace(name, "_", "-") } }
    shards = {}
  }

  assert {
    condition     = length([for query in aws_cloudwatch_metric_alarm.rejected_events.metric_query : query if query.expression == null]) == 10
    error_message = "An alarm takes ten metrics at most."
  }
}

run "a_shop_that_sleeps_gets_no_alarm_on_silence" {
  command = plan

  variables {
    no_events_minutes = 0
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.no_events) == 0
    error_message = "0 switches the alarm off."
  }
}

run "another_mode_is_refused" {
  command = plan

  variables {
    stream_mode = "PROVISIONED_AUTO"
  }
  expect_failures = [var.stream_mode]
}

run "provisioned_streams_without_their_scaler_are_refused" {
  command = plan

  variables {
    scaler_package = null
  }
  expect_failures = [var.scaler_package]
}

run "limits_of_an_unknown_event_are_refused" {
  command = plan

  variables {
    shards = { pageview = { max = 2 } }
  }
  expect_failures = [var.shards]
}

run "a_manifest_without_the_rejected_event_is_refused" {
  command = plan

  variables {
    events = { page_view = { stream = "page-view" }, purchase = { stream = "purchase" } }
    shards = {}
  }
  expect_failures = [var.rejected_event]
}
