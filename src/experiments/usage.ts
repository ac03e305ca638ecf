// A definition with which nothing can be computed is told as wrong use, and not as a fault of the program.
import { UsageError } from '../lib/errors.ts';
import { ticked } from '../lib/printable.ts';
import { InvalidInputError } from '../stats/computed.ts';

/** What `work` resolves to. An InvalidInputError (a power that is not above alpha, say) becomes a UsageError. */
export async function telling<T>(experiment: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    throw new UsageError(`the experiment ${ticked(experiment)} cannot be computed: ${error.message}`, {
      cause: error,
    });
  }
}
