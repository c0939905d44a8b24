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
  name_prefix         = "rta-dev"
  alarm_topic_arn     = "arn:aws:sns:us-east-1:111122223333:rta-dev-alarms"
  kms_key_arn         = "arn:aws:kms:us-east-1:111122223333:key/00000000-0000-0000-0000-000000000000"
  deletion_protection = false
  transform_package   = { path = "build/packages/lake-transform-0123456789abcdef.zip", sha256 = "q83vEjRWeJA=" }

  events = {
    page_view = {
      stream = "page-view"
      lake = {
        columns = [
          { name = "event_id", type = "string", comment = "Unique id of the event" },
          { name = "event_time", type = "timestamp", comment = "When it happened" },
        ]
      }
    }
  }
  streams = {
    page_view = { arn = "arn:aws:kinesis:us-east-1:111122223333:stream/rta-dev-page-view" }
  }
  views = {
    page_views_per_day = {
      sql     = "SELECT dt, COUNT(*) AS page_views FROM $${database}.page_view GROUP BY dt"
      columns = [{ name = "dt", type = "varchar" }, { name = "page_views", type = "bigint" }]
    }
  }
}

run "an_event_has_its_table_and_its_delivery" {
  command = plan

  assert {
    condition     = aws_glue_catalog_table.events["page_view"].storage_descriptor[0].location == "s3://rta-dev-lake-111122223333/events/page_view/"
    error_message = "The table reads where Firehose writes."
  }
  assert {
    condition     = aws_glue_catalog_table.events["page_view"].parameters["storage.location.template"] == "s3://rta-dev-lake-111122223333/events/page_view/dt=$${dt}/hour=$${hour}/"
    error_message = "Partitions are projected from day and hour."
  }
  assert {
    condition     = aws_kinesis_firehose_delivery_stream.events["page_view"].extended_s3_configuration[0].prefix == "events/page_view/dt=!{partitionKeyFromLambda:dt}/hour=!{partitionKeyFromLambda:hour}/"
    error_message = "Firehose writes into the same partitions."
  }
  assert {
    condition     = [for column in aws_glue_catalog_table.events["page_view"].storage_descriptor[0].columns : column.type] == ["string", "timestamp"]
    error_message = "Columns are the manifest's, in their order."
  }
}

run "no_bucket_is_public_or_in_the_clear" {
  command = plan

  assert {
    condition     = alltrue([for block in aws_s3_bucket_public_access_block.parts : block.restrict_public_buckets && block.block_public_acls])
    error_message = "Every bucket is blocked."
  }
  assert {
    condition     = length(aws_s3_bucket_server_side_encryption_configuration.parts) == length(aws_s3_bucket.parts)
    error_message = "Every bucket is encrypted."
  }
}

run "events_get_cheaper_with_age_and_go_after_two_years" {
  command = plan

  assert {
    condition = {
      for move in aws_s3_bucket_lifecycle_configuration.parts["lake"].rule[0].transition : move.storage_class => move.days
    } == { STANDARD_IA = 30, GLACIER_IR = 120 }
    error_message = "30 days hot, 90 days warm, then cold."
  }
  assert {
    condition     = aws_s3_bucket_lifecycle_configuration.parts["lake"].rule[0].expiration[0].days == 730
    error_message = "Gone after two years."
  }
}

run "a_query_has_a_limit" {
  command = plan

  assert {
    condition     = aws_athena_workgroup.analysts.configuration[0].bytes_scanned_cutoff_per_query == 107374182400
    error_message = "100 GiB."
  }
}

run "a_view_is_kept_as_athena_keeps_it" {
  command = plan

  assert {
    condition     = jsondecode(base64decode(split(" ", aws_glue_catalog_table.views["page_views_per_day"].view_original_text)[3])).originalSql == "SELECT dt, COUNT(*) AS page_views FROM rta_dev_lake.page_view GROUP BY dt"
    error_message = "The SELECT names the database."
  }
  assert {
    condition     = [for column in aws_glue_catalog_table.views["page_views_per_day"].storage_descriptor[0].columns : column.type] == ["string", "bigint"]
    error_message = "The catalogue speaks Hive."
  }
}

run "an_event_without_a_stream_is_refused" {
  command = plan
  variables {
    streams = {}
  }
  expect_failures = [var.streams]
}

run "a_file_that_moves_too_early_is_refused" {
  command = plan
  variables {
    cold_after_days = 45
  }
  expect_failures = [var.cold_after_days]
}

run "a_name_that_firehose_would_refuse_is_refused" {
  command = plan
  variables {
    events = {
      page_view = { stream = "a-very-long-name-of-a-stream-that-nobody-would-give-to-it", lake = { columns = [] } }
    }
  }
  expect_failures = [var.events]
}
