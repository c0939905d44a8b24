# Application Auto Scaling knows no Kinesis. So a Lambda looks at each stream once a minute; all that it has to
# remember is in the metrics.
locals {
  scaler      = local.provisioned ? { all = var.scaler_package } : {}
  scaler_name = "${var.name_prefix}-shard-scaler"
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}

resource "aws_lambda_function" "scaler" {
  for_each = local.scaler

  function_name    = local.scaler_name
  description      = "Fits the shards of the event streams to their traffic."
  role             = aws_iam_role.scaler[each.key].arn
  runtime          = "python3.12"
  architectures    = ["arm64"]
  handler          = "scaler.handler"
  filename         = each.value.path
  source_code_hash = each.value.sha256
  memory_size      = 256
  timeout          = 50 # over before the next minute's begins; should two meet, AWS refuses the second's resize

  environment {
    variables = {
      SCALE_IN_AFTER_MINUTES     = var.scale_in_after_minutes
      TARGET_UTILIZATION_PERCENT = var.target_utilization_percent
      STREAMS = jsonencode({
        for event, name in local.stream_names : name => {
          min = try(var.shards[event].min, 1)
          max = try(var.shards[event].max, 8)
        }
      })
    }
  }

  logging_config {
    log_format = "Text" # its lines are JSON already
    log_group  = aws_cloudwatch_log_group.scaler[each.key].name
  }

  depends_on = [aws_iam_role_policy.scaler]
}

resource "aws_cloudwatch_log_group" "scaler" {
  for_each = local.scaler

  name              = "/aws/lambda/${local.scaler_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

resource "aws_cloudwatch_event_rule" "scaler" {
  for_each = local.scaler

  name                = local.scaler_name
  description         = "Looks at the traffic of each stream."
  schedule_expression = "rate(1 minute)"
}

resource "aws_cloudwatch_event_target" "scaler" {
  for_each = local.scaler

  rule      = aws_cloudwatch_event_rule.scaler[each.key].name
  target_id = "scaler"
  arn       = aws_lambda_function.scaler[each.key].arn

  retry_policy {
    maximum_event_age_in_seconds = 60
    maximum_retry_attempts       = 0 # the next minute is the retry
  }
}

resource "aws_lambda_permission" "scaler" {
  for_each = local.scaler

  statement_id  = "Schedule"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.scaler[each.key].function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.scaler[each.key].arn
}

data "aws_iam_policy_document" "scaler_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "scaler" {
  statement {
    sid       = "SizeStreams"
    actions   = ["kinesis:DescribeStreamSummary", "kinesis:UpdateShardCount"]
    resources = [for stream in aws_kinesis_stream.events : stream.arn]
  }
  statement {
    sid       = "ReadTraffic"
    actions   = ["cloudwatch:GetMetricData"]
    resources = ["*"] # CloudWatch has no resources for reading metrics
  }
  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["arn:${data.aws_partition.current.partition}:logs:${data.aws_region.current.id}:${data.aws_caller_identity.current.account_id}:log-group:/aws/lambda/${local.scaler_name}:*"] # streams are named by Lambda
  }
}

resource "aws_iam_role" "scaler" {
  for_each = local.scaler

  name               = local.scaler_name
  assume_role_policy = data.aws_iam_policy_document.scaler_trust.json
}

resource "aws_iam_role_policy" "scaler" {
  for_each = local.scaler

  name   = "scale"
  role   = aws_iam_role.scaler[each.key].id
  policy = data.aws_iam_policy_document.scaler.json
}
