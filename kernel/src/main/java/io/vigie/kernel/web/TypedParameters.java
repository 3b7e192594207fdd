package io.vigie.kernel.web;

import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Function;

import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.ext.ParamConverter;
import jakarta.ws.rs.ext.ParamConverterProvider;
import jakarta.ws.rs.ext.Provider;

import io.vigie.kernel.Problem;
import org.jboss.resteasy.reactive.RestPath;

/**
 * What cannot be a value of its parameter's type: in a path, there is no such thing (404); in a
 * query, the request is wrong (400) and the answer says what is expected. Numbers and enums are the
 * framework's to convert; {@link Problems} makes the same difference for them.
 */
@Provider
public class TypedParameters implements ParamConverterProvider {

  @Override
  @SuppressWarnings("unchecked")
  public <T> ParamConverter<T> getConverter(
      Class<T> rawType, Type genericType, Annotation[] annotations) {
    boolean inPath =
        annotations != null
            && Arrays.stream(annotations)
                .anyMatch(a -> a instanceof PathParam || a instanceof RestPath);
    if (rawType == UUID.class) {
      return (ParamConverter<T>) converter(TypedParameters::uuid, "a UUID", inPath);
    }
    if (rawType == Instant.class) {
      return (ParamConverter<T>) converter(TypedParameters::time, "a time as in RFC 3339", inPath);
    }
    return null;
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

  private static <T> ParamConverter<T> converter(
      Function<String, T> parse, String expected, boolean inPath) {
    return new ParamConverter<>() {
      @Override
      public T fromString(String text) {
        try {
          return text == null ? null : parse.apply(text);
        } catch (RuntimeException e) {
          throw inPath
              ? Problem.notFound("There is nothing under this id.")
              : Problem.badRequest("A parameter is not " + expected + ".");
        }
      }

      @Override
      public String toString(T value) {
        return value.toString();
      }
    };
  }
}
