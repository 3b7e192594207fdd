/**
 * How a decision becomes one of several people (R4.6): the path of approvals that something goes,
 * what was approved of it, and who may approve in whose place. What is approved, this package does
 * not know.
 */
package io.vigie.access.approval;
