data "aws_region" "current" {}

# A dashboard is a list of widgets, from left to right and from top to bottom; each is JSON, since Terraform's
# lists hold one type. A line of a chart is [namespace, metric, dimension, value, ..., options].
locals {
  region = data.aws_region.current.id

  stream_names = { for event, contract in var.events : event => "${var.name_prefix}-${contract.stream}" }
  table_names  = { for model, spec in var.models : model => "${var.name_prefix}-${spec.table.name}" if spec.table != null }

  dashboards = {
    ingestion = concat(local.ingestion_widgets, local.delivery_widgets)
    stream    = concat(local.application_widgets, local.behind_widgets, local.results_widgets)
    serving   = concat(local.api_widgets, local.websocket_widgets, local.function_widgets, local.cache_widgets, local.page_widgets)
    business  = concat([local.symptom_widget], local.event_widgets, local.model_widgets)
  }

  # One chart for each of these, with a line for each event, application, table or function.
  ingestion_charts = [
    { title = "Events a minute", metric = "IncomingRecords", stat = "Sum" },
    { title = "Bytes a minute", metric = "IncomingBytes", stat = "Sum" },
    { title = "Refused by a full stream", metric = "WriteProvisionedThroughputExceeded", stat = "Sum" },
    { title = "Reads refused", metric = "ReadProvisionedThroughputExceeded", stat = "Sum" },
    { title = "Oldest unread event, ms", metric = "GetRecords.IteratorAgeMilliseconds", stat = "Maximum" },
    { title = "Time to take a batch in, ms", metric = "PutRecords.Latency", stat = "p99" },
  ]
  application_charts = [
    { title = "Restarts since the start", metric = "fullRestarts", stat = "Maximum" },
    { title = "Time since the last start, ms", metric = "uptime", stat = "Maximum" },
    { title = "CPU, percent", metric = "cpuUtilization", stat = "Maximum" },
    { title = "Heap, percent", metric = "heapMemoryUtilization", stat = "Maximum" },
    { title = "Last checkpoint, ms", metric = "lastCheckpointDuration", stat = "Maximum" },
    { title = "Last checkpoint, bytes", metric = "lastCheckpointSize", stat = "Maximum" },
    { title = "Failed checkpoints since the start", metric = "numberOfFailedCheckpoints", stat = "Maximum" },
    { title = "Rows read a second", metric = "numRecordsInPerSecond", stat = "Average" },
    { title = "Processing units (one more is paid for)", metric = "KPUs", stat = "Maximum" },
  ]
  results_charts = [
    { title = "Writes of rows a minute, in units", metric = "ConsumedWriteCapacityUnits", stat = "Sum" },
    { title = "Writes refused", metric = "WriteThrottleEvents", stat = "Sum" },
    { title = "Reads a minute, in units", metric = "ConsumedReadCapacityUnits", stat = "Sum" },
  ]
  function_charts = [
    { title = "Calls a minute", metric = "Invocations", stat = "Sum" },
    { title = "Errors a minute", metric = "Errors", stat = "Sum" },
    { title = "Duration, ms", metric = "Duration", stat = "p95" },
    { title = "Throttled calls", metric = "Throttles", stat = "Sum" },
    { title = "Calls at the same time", metric = "ConcurrentExecutions", stat = "Maximum" },
    { title = "Oldest unpublished change, ms", metric = "IteratorAge", stat = "Maximum" },
  ]
  cache_charts = [
    { title = "Cache: bytes stored", metric = "BytesUsedForCache", stat = "Maximum" },
    { title = "Cache: processing units a minute", metric = "ElastiCacheProcessingUnits", stat = "Sum" },
    { title = "Cache: throttled commands", metric = "ThrottledCmds", stat = "Sum" },
  ]

  ingestion_widgets = [
    for chart in local.ingestion_charts : jsonencode({
      type = "metric"
      properties = {
        region = local.region, view = "timeSeries", period = 60, stat = chart.stat, title = chart.title
        metrics = [
          for event, name in local.stream_names : ["AWS/Kinesis", chart.metric, "StreamName", name, { label = event }]
        ]
      }
    })
  ]
  delivery_widgets = [
    for names in [var.delivery_streams] : jsonencode({
      type = "metric"
      properties = {
        region = local.region, view = "timeSeries", period = 60, stat = "Maximum", title = "Age of the oldest event that is not in the lake, s"
        metrics = [
          for event, name in names : ["AWS/Firehose", "DeliveryToS3.DataFreshness", "DeliveryStreamName", name, { label = event }]
        ]
      }
    }) if length(names) > 0
  ]

  application_widgets = [
    for chart in local.application_charts : jsonencode({
      type = "metric"
      properties = {
        region = local.region, view = "timeSeries", period = 60, stat = chart.stat, title = chart.title
        metrics = [
          for app, application in var.applications :
          ["AWS/KinesisAnalytics", chart.metric, "Application", application.name, { label = app }]
        ]
      }
    }) if length(var.applications) > 0
  ]
  behind_widgets = [
    for app, application in var.applications : jsonencode({
      type = "metric"
      properties = {
        region = local.region, view = "timeSeries", period = 60, stat = "Maximum", title = "${app}: behind its streams, ms"
        metrics = [
          for event, name in local.stream_names : [
            "AWS/KinesisAnalytics", "millisBehindLatest",
            "Application", application.name, "Flow", "Input", "Id", replace(name, "-", "_"), # so AWS writes the stream's name
            { label = event },
          ]
        ]
      }
    })
  ]
  results_widgets = [
    for chart in local.results_charts : jsonencode({
      type = "metric"
      properties = {
        region = local.region, view = "timeSeries", period = 60, stat = chart.stat, title = chart.title
        metrics = [
          for model, name in local.table_names : ["AWS/DynamoDB", chart.metric, "TableName", name, { label = model }]
        ]
      }
    }) if length(local.table_names) > 0
  ]

  api_dimensions = concat(
    flatten([for name in compact([var.serving.api_name]) : ["ApiName", name]]),
    flatten([for name in compact([var.serving.stage_name]) : ["Stage", name]]),
  )
  api_widgets = flatten([
    for name in compact([var.serving.api_name]) : [
      jsonencode({
        type = "metric"
        properties = {
          region = local.region, view = "timeSeries", period = 60, stat = "Sum", title = "Requests and errors a minute"
          metrics = [
            for metric in ["Count", "4XXError", "5XXError"] : concat(["AWS/ApiGateway", metric], local.api_dimensions)
          ]
        }
      }),
      jsonencode({
        type = "metric"
        properties = {
          region = local.region, view = "timeSeries", period = 60, title = "Time to answer, ms"
          metrics = [
            for stat in ["p50", "p95", "p99"] :
            concat(["AWS/ApiGateway", "Latency"], local.api_dimensions, [{ stat = stat, label = stat }])
          ]
        }
      }),
    ]
  ])
  websocket_widgets = [
    for id in compact([var.serving.websocket_id]) : jsonencode({
      type = "metric"
      properties = {
        region = local.region, view = "timeSeries", period = 60, stat = "Sum", title = "WebSockets a minute"
        metrics = [
          for metric in ["ConnectCount", "MessageCount", "IntegrationError"] : ["AWS/ApiGateway", metric, "ApiId", id]
        ]
      }
    })
  ]
  function_widgets = [
    for chart in local.function_charts : jsonencode({
      type = "metric"
      properties = {
        region = local.region, view = "timeSeries", period = 60, stat = chart.stat, title = chart.title
        metrics = [
          for part, name in var.serving.function_names : ["AWS/Lambda", chart.metric, "FunctionName", name, { label = part }]
        ]
      }
    }) if length(var.serving.function_names) > 0
  ]
  cache_widgets = flatten([
    for name in compact([var.serving.cache_name]) : [
      for chart in local.cache_charts : jsonencode({
        type = "metric"
        properties = {
          region  = local.region, view = "timeSeries", period = 60, stat = chart.stat, title = chart.title
          metrics = [["AWS/ElastiCache", chart.metric, "clusterId", name]]
        }
      })
    ]
  ])
  page_widgets = [
    for id in compact([var.serving.distribution_id]) : jsonencode({
      type = "metric"
      properties = {
        region = "us-east-1" # where CloudFront keeps its metrics
        view   = "timeSeries", period = 60, title = "Page: requests, and errors in percent"
        metrics = [
          ["AWS/CloudFront", "Requests", "DistributionId", id, "Region", "Global", { stat = "Sum" }],
          ["AWS/CloudFront", "5xxErrorRate", "DistributionId", id, "Region", "Global", { stat = "Average", yAxis = "right" }],
        ]
      }
    })
  ]

  # The numbers themselves are on the page and in the API; here is whether they are being made.
  symptom_widget = jsonencode({
    type = "alarm"
    properties = {
      title  = "What a user would notice"
      alarms = [for alarm in aws_cloudwatch_composite_alarm.symptoms : alarm.arn]
    }
  })
  event_widgets = [
    for event, name in local.stream_names : jsonencode({
      type = "metric"
      properties = {
        region  = local.region, view = "timeSeries", period = 60, stat = "Sum", title = "${event}: how many a minute"
        metrics = [["AWS/Kinesis", "IncomingRecords", "StreamName", name, { label = event }]]
      }
    })
  ]
  model_widgets = [
    for model, name in local.table_names : jsonencode({
      type = "metric"
      properties = {
        region  = local.region, view = "timeSeries", period = 60, stat = "Sum"
        title   = trimspace("${model}: changes a minute. ${var.models[model].question}")
        metrics = [["AWS/DynamoDB", "ConsumedWriteCapacityUnits", "TableName", name, { label = "rows written" }]]
      }
    })
  ]
}
