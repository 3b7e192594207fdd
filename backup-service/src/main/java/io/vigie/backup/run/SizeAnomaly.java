package io.vigie.backup.run;

/** What is odd about the size of a copy, beside those before it. */
public enum SizeAnomaly {
  /** Much less than usual: something may not be copied any more. */
  DROP,
  /** Much more than usual: something may have been encrypted or filled up. */
  GROWTH
}
