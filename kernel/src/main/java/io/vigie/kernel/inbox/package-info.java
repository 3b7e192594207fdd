/**
 * Other services' facts, each worked exactly once per listener. Kafka delivers at least once and in
 * order per key; the inbox drops what it has seen, retries what fails, and sets aside what keeps
 * failing, with everything later of the same key behind it, so that the partition goes on.
 */
package io.vigie.kernel.inbox;
