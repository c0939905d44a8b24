mock_provider "aws" {
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
  mock_data "aws_region" {
    defaults = { id = "us-east-1" }
  }
  mock_resource "aws_dynamodb_table" {
    defaults = {
      arn        = "arn:aws:dynamodb:us-east-1:111122223333:table/one"
      stream_arn = "arn:aws:dynamodb:us-east-1:111122223333:table/one/stream/2026-01-15T12:00:00.000"
    }
  }
  mock_resource "aws_sqs_queue" {
    defaults = { arn = "arn:aws:sqs:us-east-1:111122223333:rta-dev-unpublished" }
  }
}

# The README's example.
variables {
  name_prefix             = "rta-dev"
  alarm_topic_arn         = "arn:aws:sns:us-east-1:111122223333:rta-dev-alarms"
  kms_key_arn             = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  publisher_function_arn  = "arn:aws:lambda:us-east-1:111122223333:function:rta-dev-publisher"
  publisher_function_name = "rta-dev-publisher"
  publisher_role_name     = "rta-dev-publisher"
  streams                 = { purchase = { name = "rta-dev-purchase" } }
  models = {
    basket_value = { kind = "decision" }
    revenue_per_minute = {
      kind    = "metric"
      sources = ["purchase"]
      table   = { name = "revenue-per-minute", partition_key = "pk", sort_key = "sk", ttl_attribute = "_ttl" }
    }
    user_profile = {
      kind    = "feature"
      sources = ["purchase"]
      table   = { name = "user-profile", partition_key = "pk" }
    }
  }
}

run "each_model_that_stores_rows_has_a_table" {
  assert {
    condition     = { for model, table in output.tables : model => table.name } == { revenue_per_minute = "rta-dev-revenue-per-minute", user_profile = "rta-dev-user-profile" }
    error_message = "A decision stores nothing; all others have one table."
  }
  assert {
    condition = alltrue([
      for table in aws_dynamodb_table.models : table.billing_mode == "PAY_PER_REQUEST" && table.stream_view_type == "NEW_IMAGE" && table.deletion_protection_enabled
      && table.point_in_time_recovery[0].enabled && table.server_side_encryption[0].kms_key_arn == var.kms_key_arn
    ])
    error_message = "Tables are on demand, streamed, recoverable, encrypted and protected."
  }
  assert {
    condition     = toset(aws_dynamodb_table.models["revenue_per_minute"].attribute[*].name) == toset(["pk", "sk"]) && one(aws_dynamodb_table.models["revenue_per_minute"].ttl).attribute_name == "_ttl"
    error_message = "Keys and expiry are those of the manifest."
  }
  assert {
    condition     = aws_dynamodb_table.models["user_profile"].range_key == null && length(aws_dynamodb_table.models["user_profile"].ttl) == 0
    error_message = "A table without a sort key or an expiry has none."
  }
}

run "each_change_goes_to_the_publisher_and_a_failure_is_bounded" {
  assert {
    condition     = toset(keys(output.event_source_mappings)) == toset(["revenue_per_minute", "user_profile"])
    error_message = "Every table has its mapping."
  }
  assert {
    condition = alltrue([
      for mapping in aws_lambda_event_source_mapping.publisher : mapping.bisect_batch_on_function_error && mapping.starting_position == "TRIM_HORIZON"
      && mapping.maximum_record_age_in_seconds == 3600 && tolist(mapping.function_response_types) == tolist(["ReportBatchItemFailures"])
      && mapping.destination_config[0].on_failure[0].destination_arn == aws_sqs_queue.unpublished.arn
    ])
    error_message = "A batch that fails is halved, given up after an hour, and named in the queue."
  }
  assert {
    condition = toset(flatten(data.aws_iam_policy_document.publisher.statement[*].actions)) == toset([
      "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
      "kms:Decrypt", "kms:GenerateDataKey", "sqs:SendMessage",
    ])
    error_message = "The role gets what a mapping needs and nothing else."
  }
}

run "a_metric_has_its_own_alarm_and_the_tables_share_the_others" {
  assert {
    condition     = toset(keys(output.alarms)) == toset(["publisher-behind", "table-silent-revenue_per_minute", "table-throttled", "unpublished-changes"])
    error_message = "The alarms are ${join(", ", keys(output.alarms))}."
  }
  assert {
    condition     = one([for query in aws_cloudwatch_metric_alarm.table_silent["revenue_per_minute"].metric_query : query.expression if query.id == "silent"]) == "IF(FILL(written, 0) == 0 AND (FILL(in_purchase, 0)) > 0, 1, 0)"
    error_message = "Silent is: events came, no row changed."
  }
}

run "a_model_that_changes_rarely_gets_no_alarm_for_it" {
  command = plan

  variables {
    rarely_written_models = ["revenue_per_minute"]
  }

  assert {
    condition     = length(aws_cloudwatch_metric_alarm.table_silent) == 0
    error_message = "It was named in rarely_written_models."
  }
}

run "a_new_model_changes_no_other_models_resources" {
  command = plan

  variables {
    models = {
      clicks_per_minute = {
        kind    = "metric"
        sources = ["click"]
        table   = { name = "clicks-per-minute", partition_key = "pk", sort_key = "sk", ttl_attribute = "_ttl" }
      }
      revenue_per_minute = {
        kind    = "metric"
        sources = ["purchase"]
        table   = { name = "revenue-per-minute", partition_key = "pk", sort_key = "sk", ttl_attribute = "_ttl" }
      }
    }
    streams = { click = { name = "rta-dev-click" }, purchase = { name = "rta-dev-purchase" } }
  }

  assert {
    condition     = toset(keys(aws_cloudwatch_metric_alarm.table_silent)) == toset(["clicks_per_minute", "revenue_per_minute"])
    error_message = "An alarm belongs to its model."
  }
}

run "a_dev_environment_can_be_deleted" {
  command = plan

  variables {
    deletion_protection = false
  }

  assert {
    condition     = !anytrue([for table in aws_dynamodb_table.models : table.deletion_protection_enabled])
    error_message = "Without protection no table holds it."
  }
}

run "a_window_that_eats_the_freshness_is_refused" {
  command = plan

  variables {
    batch_window_seconds = 60
  }
  expect_failures = [var.batch_window_seconds]
}

run "a_name_too_long_for_dynamodb_is_refused" {
  command = plan

  variables {
    models = {
      long = { kind = "metric", table = { name = join("", [for number in range(250) : "a"]), partition_key = "pk" } }
    }
  }
  expect_failures = [var.models]
}
