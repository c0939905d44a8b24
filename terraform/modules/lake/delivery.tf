# A row lies in the hour that its event happened in, so late ones find their place: that is dynamic partitioning,
# with the keys that the transformation gives.
resource "aws_kinesis_firehose_delivery_stream" "events" {
  for_each = local.deliveries

  name        = each.value
  destination = "extended_s3"

  kinesis_source_configuration {
    kinesis_stream_arn = var.streams[each.key].arn
    role_arn           = aws_iam_role.delivery.arn
  }

  extended_s3_configuration {
    role_arn            = aws_iam_role.delivery.arn
    bucket_arn          = aws_s3_bucket.parts["lake"].arn
    kms_key_arn         = var.kms_key_arn
    prefix              = "events/${each.key}/dt=!{partitionKeyFromLambda:dt}/hour=!{partitionKeyFromLambda:hour}/"
    error_output_prefix = "failed/${each.key}/!{firehose:error-output-type}/!{timestamp:yyyy-MM-dd}/"
    buffering_interval  = var.delivery_seconds
    buffering_size      = 128 # MB; with Parquet and partitions 64 is the least

    dynamic_partitioning_configuration {
      enabled = true
    }

    processing_configuration {
      enabled = true

      processors {
        type = "Lambda"

        parameters {
          parameter_name  = "LambdaArn"
          parameter_value = "${aws_lambda_function.transform.arn}:$LATEST"
        }
        parameters {
          # A row is a little longer than its event, and the answer of a Lambda ends at 6 MB.
          parameter_name  = "BufferSizeInMBs"
          parameter_value = "1"
        }
        parameters {
          parameter_name  = "BufferIntervalInSeconds"
          parameter_value = "60"
        }
      }
    }

    data_format_conversion_configuration {
      input_format_configuration {
        deserializer {
          open_x_json_ser_de {
            case_insensitive = false
          }
        }
      }
      output_format_configuration {
        serializer {
          parquet_ser_de {
            compression = "SNAPPY"
          }
        }
      }
      schema_configuration {
        database_name = aws_glue_catalog_database.lake.name
        table_name    = aws_glue_catalog_table.events[each.key].name
        role_arn      = aws_iam_role.delivery.arn
        region        = local.region
      }
    }

    cloudwatch_logging_options {
      enabled         = true
      log_group_name  = aws_cloudwatch_log_group.delivery.name
      log_stream_name = aws_cloudwatch_log_stream.delivery[each.key].name
    }
  }

  depends_on = [aws_iam_role_policy.delivery]
}

resource "aws_cloudwatch_log_group" "delivery" {
  name              = "/aws/kinesisfirehose/${var.name_prefix}-lake"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_cloudwatch_log_stream" "delivery" {
  for_each = var.events

  name           = each.key
  log_group_name = aws_cloudwatch_log_group.delivery.name
}

data "aws_iam_policy_document" "delivery_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["firehose.amazonaws.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "sts:ExternalId"
      values   = [local.account]
    }
  }
}

data "aws_iam_policy_document" "delivery" {
  statement {
    sid       = "ReadStreams"
    actions   = ["kinesis:DescribeStream", "kinesis:GetRecords", "kinesis:GetShardIterator", "kinesis:ListShards"]
    resources = [for event in keys(var.events) : var.streams[event].arn]
  }
  statement {
    sid       = "WriteFiles"
    actions   = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:PutObject"]
    resources = ["${aws_s3_bucket.parts["lake"].arn}/events/*", "${aws_s3_bucket.parts["lake"].arn}/failed/*"] # files are named by hour and time
  }
  statement {
    sid       = "FindBucket"
    actions   = ["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"]
    resources = [aws_s3_bucket.parts["lake"].arn]
  }
  statement {
    sid       = "UseKey"
    actions   = ["kms:Decrypt", "kms:GenerateDataKey"]
    resources = [var.kms_key_arn]
  }
  statement {
    sid     = "ReadColumns"
    actions = ["glue:GetTable", "glue:GetTableVersion", "glue:GetTableVersions"]
    resources = concat(
      [
        "arn:${local.partition}:glue:${local.region}:${local.account}:catalog",
        "arn:${local.partition}:glue:${local.region}:${local.account}:database/${local.database}",
      ],
      [for event in keys(var.events) : "arn:${local.partition}:glue:${local.region}:${local.account}:table/${local.database}/${event}"],
    )
  }
  statement {
    sid       = "MakeRows"
    actions   = ["lambda:GetFunctionConfiguration", "lambda:InvokeFunction"]
    resources = [aws_lambda_function.transform.arn, "${aws_lambda_function.transform.arn}:$LATEST"]
  }
  statement {
    sid       = "Log"
    actions   = ["logs:PutLogEvents"]
    resources = [for stream in aws_cloudwatch_log_stream.delivery : stream.arn]
  }
}

resource "aws_iam_role" "delivery" {
  name               = "${var.name_prefix}-lake-delivery"
  assume_role_policy = data.aws_iam_policy_document.delivery_trust.json
}

resource "aws_iam_role_policy" "delivery" {
  name   = "deliver"
  role   = aws_iam_role.delivery.id
  policy = data.aws_iam_policy_document.delivery.json
}
