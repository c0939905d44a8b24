# Firehose converts by column, but cannot lift fields out of `custom_properties`, nor say when Kinesis took an event.
resource "aws_lambda_function" "transform" {
  function_name    = local.transform_name
  description      = "Makes events into rows of the lake."
  role             = aws_iam_role.transform.arn
  runtime          = "python3.12"
  architectures    = ["arm64"]
  handler          = "transform.handler"
  filename         = var.transform_package.path
  source_code_hash = var.transform_package.sha256
  memory_size      = 512
  timeout          = 60
  kms_key_arn      = var.kms_key_arn

  logging_config {
    log_format = "Text" # its lines are JSON already
    log_group  = aws_cloudwatch_log_group.transform.name
  }

  depends_on = [aws_iam_role_policy.transform]
}

resource "aws_cloudwatch_log_group" "transform" {
  name              = "/aws/lambda/${local.transform_name}"
  retention_in_days = var.log_retention_days
  kms_key_id        = var.kms_key_arn
}

data "aws_iam_policy_document" "transform_trust" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

data "aws_iam_policy_document" "transform" {
  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.transform.arn}:*"] # streams are named by Lambda
  }
}

resource "aws_iam_role" "transform" {
  name               = local.transform_name
  assume_role_policy = data.aws_iam_policy_document.transform_trust.json
}

resource "aws_iam_role_policy" "transform" {
  name   = "log"
  role   = aws_iam_role.transform.id
  policy = data.aws_iam_policy_document.transform.json
}
