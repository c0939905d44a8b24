// The status chip beside each number.
import { statusMeaning } from "../format/words.ts";

export function Status({ status }: { status: string }) {
  return (
    <span className="chip" data-role="status" data-status={status} title={statusMeaning(status)}>
      {status}
    </span>
  );
}
