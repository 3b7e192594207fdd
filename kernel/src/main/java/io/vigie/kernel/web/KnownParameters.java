package io.vigie.kernel.web;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.MultivaluedMap;

import io.vigie.kernel.Problem;
import org.jboss.resteasy.reactive.RestQuery;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

/**
 * An unknown query parameter is refused: a filter with a typing error would otherwise quietly
 * return everything.
 */
class KnownParameters {

  private final Map<Method, Set<String>> known = new ConcurrentHashMap<>();

  @ServerRequestFilter
  void refuseUnknown(ContainerRequestContext request, ResourceInfo resource) {
    MultivaluedMap<String, String> values = request.getUriInfo().getQueryParameters();
    Set<String> sent = values.keySet();
    if (sent.isEmpty() || resource.getResourceMethod() == null) {
      return;
    }
    sent.stream()
        .filter(name -> values.get(name).stream().anyMatch(KnownParameters::isNoValue))
        .findFirst()
        .ifPresent(KnownParameters::refuseNoValue);
    Set<String> allowed =
        known.computeIfAbsent(resource.getResourceMethod(), KnownParameters::declared);
    Set<String> unknown = new TreeSet<>(sent);
    unknown.removeAll(allowed);
    if (!unknown.isEmpty()) {
      throw Problem.invalid(
          unknown.stream()
              .map(name -> new Problem.FieldError(name, "is not a parameter; known: " + allowed))
              .toList());
    }
  }

  private static boolean isNoValue(String text) {
    return text.isBlank() || text.indexOf('\0') >= 0;
  }

  private static void refuseNoValue(String name) {
    throw Problem.invalid(List.of(new Problem.FieldError(name, "has no value; leave it out")));
  }

  private static Set<String> declared(Method method) {
    Set<String> names = new TreeSet<>();
    for (Parameter parameter : method.getParameters()) {
      add(names, parameter, parameter.getName());
      if (parameter.isAnnotationPresent(BeanParam.class)) {
        for (Field field : parameter.getType().getDeclaredFields()) {
          add(names, field, field.getName());
        }
      }
    }
    return names;
  }

  private static void add(Set<String> names, AnnotatedElement element, String name) {
    QueryParam query = element.getAnnotation(QueryParam.class);
    RestQuery rest = element.getAnnotation(RestQuery.class);
    if (query != null) {
      names.add(query.value());
    } else if (rest != null) {
      names.add(rest.value().isEmpty() ? name : rest.value());
    }
  }
}
