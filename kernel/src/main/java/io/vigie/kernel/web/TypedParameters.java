package io.vigie.kernel.web;

import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Function;

import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;

import io.vigie.kernel.Problem;

/**
 * What cannot be a value of its parameter's type: in a path, there is no such thing (404); in a
 * query, the request is wrong (400) and the answer names the parameter and says what is expected.
 */
@Provider
public class TypedParameters implements ParamConverterProvider {

  @Override
  @SuppressWarnings("unchecked")
  public <T> ParamConverter<T> getConverter(
      Class<T> rawType, Type genericType, Annotation[] annotations) {
    String query = query(annotations);
    if (rawType == UUID.class) {
      return (ParamConverter<T>) converter(TypedParameters::uuid, "a UUID", query);
    }
    if (rawType == Instant.class) {
      return (ParamConverter<T>) converter(TypedParameters::time, "a time as in RFC 3339", query);
    }
    if (rawType == LocalDate.class) {
      return (ParamConverter<T>) converter(TypedParameters::day, "a day such as 2026-01-31", query);
    }
    if (rawType == Integer.class) {
      return (ParamConverter<T>) converter(Integer::valueOf, "a number", query);
    }
    if (rawType == Long.class) {
      return (ParamConverter<T>) converter(Long::valueOf, "a number", query);
    }
    if (rawType == Boolean.class) {
      return (ParamConverter<T>) converter(TypedParameters::truth, "true or false", query);
    }
    if (rawType == Task.Place.class) {
      return (ParamConverter<T>) converter(Task.Place::parse, "where a Link leads", query);
    }
    if (rawType.isEnum()) {
      List<T> values = List.of(rawType.getEnumConstants());
      return converter(text -> named(text, values), "one of " + values, query);
    }
    return null;
  }

  /** The name in the query of a parameter that stands there, else null. */
  private static String query(Annotation[] annotations) {
    return annotations == null
        ? null
        : Arrays.stream(annotations)
            .filter(annotation -> annotation instanceof QueryParam)
            .map(annotation -> ((QueryParam) annotation).value())
            .findFirst()
            .orElse(null);
  }

  /** The canonical form only: {@code UUID.fromString} takes shorter texts for other ids. */
  private static UUID uuid(String text) {
    UUID id = UUID.fromString(text);
    if (!id.toString().equalsIgnoreCase(text)) {
      throw new IllegalArgumentException(text);
    }
    return id;
  }

  private static Instant time(String text) {
    if (!text.matches("\\d{4}-.*")) {
      throw new IllegalArgumentException(text);
    }
    return OffsetDateTime.parse(text).toInstant();
  }

  private static LocalDate day(String text) {
    if (!text.matches("\\d{4}-.*")) {
      throw new IllegalArgumentException(text);
    }
    return LocalDate.parse(text);
  }

  /** {@code Boolean.valueOf} takes every mistake for false. */
  private static Boolean truth(String text) {
    return named(text, List.of(true, false));
  }

  private static <T> T named(String text, List<T> values) {
    return values.stream().filter(value -> value.toString().equals(text)).findFirst().orElseThrow();
  }

  private static <T> ParamConverter<T> converter(
      Function<String, T> parse, String expected, String query) {
    return new ParamConverter<>() {
      @Override
      public T fromString(String text) {
        try {
          return text == null ? null : parse.apply(text);
        } catch (RuntimeException e) {
          throw query == null
              ? Problem.notFound("There is nothing under this id.")
              : Problem.invalid(List.of(new Problem.FieldError(query, "is not " + expected)));
        }
      }

      @Override
      public String toString(T value) {
        return value.toString();
      }
    };
  }
}
