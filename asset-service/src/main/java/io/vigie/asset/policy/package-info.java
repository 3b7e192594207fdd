/**
 * The tables of the security policy that this service works by. They are data, in {@code
 * contracts/policy}, each with a schema and an explanation in English and French; the build holds
 * them against their schemas.
 */
package io.vigie.asset.policy;
