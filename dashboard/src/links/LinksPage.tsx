import { Outlet } from '@tanstack/react-router'

export default function LinksPage() {
  return <Outlet />
}
