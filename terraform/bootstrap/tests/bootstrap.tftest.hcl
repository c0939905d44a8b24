mock_provider "aws" {
  mock_data "aws_caller_identity" {
    defaults = { account_id = "111122223333" }
  }
  mock_data "aws_iam_policy_document" {
    defaults = { json = "{\"Version\":\"2012-10-17\",\"Statement\":[]}" }
  }
}

variables {
  region = "us-east-1"
}

run "old_states_can_be_brought_back" {
  command = plan

  assert {
    condition     = aws_s3_bucket.state.bucket == "rta-terraform-state-111122223333-us-east-1" && aws_s3_bucket_versioning.state.versioning_configuration[0].status == "Enabled"
    error_message = "One versioned bucket an account and region."
  }
}
