package io.vigie.kernel.web;

import java.time.Duration;
import java.util.stream.LongStream;

import jakarta.inject.Singleton;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.distribution.DistributionStatisticConfig;

/**
 * Counts requests by the time that they took, as {@code http_server_requests_seconds_bucket}: what
 * most of them take can be told of all replicas together then, which means and maxima cannot.
 */
@Singleton
class RequestTimes implements MeterFilter {

  private static final DistributionStatisticConfig BOUNDS =
      DistributionStatisticConfig.builder()
          .serviceLevelObjectives(
              LongStream.of(10, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000)
                  .mapToDouble(millis -> Duration.ofMillis(millis).toNanos())
                  .toArray())
          .build();

  @Override
  public DistributionStatisticConfig configure(Meter.Id id, DistributionStatisticConfig config) {
    return id.getName().equals("http.server.requests") ? BOUNDS.merge(config) : config;
  }
}
