/** What images need in them besides the applications: two small programs on a plain JVM. */
package io.vigie.deploy;
