package io.vigie.kernel;

import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;

import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import jakarta.validation.ClockProvider;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.arc.DefaultBean;
import io.quarkus.jackson.ObjectMapperCustomizer;

/** Beans that every service has one of. */
class Shared {

  /**
   * In whole microseconds, which is what the database keeps: a time is published first and read
   * back later as the same value.
   */
  @Produces
  @Singleton
  @DefaultBean
  Clock clock() {
    return Clock.tick(Clock.systemUTC(), Duration.of(1, ChronoUnit.MICROS));
  }

  /**
   * Of validations: a time is past or not by the service's clock, a date where it is latest, since
   * nobody says in which zone they write one. For {@code @Future} dates that would be too strict.
   */
  @Produces
  @Singleton
  ClockProvider validationClock(Clock clock) {
    Clock ahead = clock.withZone(ZoneOffset.ofHours(14)); // no zone's day begins earlier
    return () -> ahead;
  }

  /** Strict where leniency would hide a caller's mistake. */
  @Singleton
  static class StrictJson implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper json) {
      json.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
      json.enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
      json.enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES);
      json.enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS);
      json.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
      json.registerModule(StrictValues.module());
    }

    /** After the framework's own modules, whose lenient times these replace. */
    @Override
    public int priority() {
      return MINIMUM_PRIORITY;
    }
  }
}
